export { stylish as html } from './stylish.ts';
