globalThis.started = `${process.argv0} of pier`;
