import { parentPort } from 'node:worker_threads';
import { carryOut, type Order } from './crew.ts';

// A worker thread of the fuzz: takes orders, one at a time, until it is ended.
parentPort?.on('message', (order: Order) => {
  parentPort?.postMessage(carryOut(order), []);
});
