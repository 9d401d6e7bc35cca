require('node:fs').writeFileSync('prepared.txt', `with ${require('picocolors').isColorSupported === undefined ? 'nothing' : 'colours'}\n`);
