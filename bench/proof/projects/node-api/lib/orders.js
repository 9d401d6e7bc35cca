export const orders = [{ id: 1, item: 'tea' }];
