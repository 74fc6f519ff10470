export { createAmqpTransport } from './amqp-transport.js';
