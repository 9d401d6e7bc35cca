exports.hello = 'Hello, quay:';
