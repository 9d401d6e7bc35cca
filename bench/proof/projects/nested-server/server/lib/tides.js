module.exports = (distance) => `next tide in ${distance / 60000} minutes`;
