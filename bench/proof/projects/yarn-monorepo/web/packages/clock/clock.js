exports.days = (count) => require('ms')(`${count} days`);
