process.stdout.write('set up\n');
