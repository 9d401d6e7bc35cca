const ms = require('ms');

exports.hello = (name) => `Hello, ${name}: ${ms('2 days')}`;
