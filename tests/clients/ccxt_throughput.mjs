// Messages a second that ccxt takes in from one connection: node ccxt_throughput.mjs REST STREAM FRAMES
import { makeCcxt, sleep } from './simulator.mjs';

const [rest, stream, frames] = process.argv.slice(2);
const exchange = await makeCcxt({ rest, stream });
await exchange.loadMarkets();
const symbols = Object.keys(exchange.markets);
let seen = 0;
let first = 0;
let last = 0;
const handle = exchange.handleMessage.bind(exchange);
exchange.handleMessage = (client, message) => {
  handle(client, message);
  if (message.topic) {
    seen += 1;
    last = performance.now();
    first ||= last;
  }
};
const calls = [
  () => exchange.watchOrderBookForSymbols(symbols, 200),
  () => exchange.watchTradesForSymbols(symbols),
  () => exchange.watchTickers(symbols),
  () => exchange.watchOHLCVForSymbols(symbols.map((symbol) => [symbol, '1m'])),
  () => exchange.watchLiquidationsForSymbols(symbols, undefined, undefined, { method: 'allLiquidation' }),
];
let running = true;
for (const call of calls) {
  (async () => {
    while (running) await call().catch(() => sleep(50));
  })();
}
for (let before = -1; before !== seen || seen === 0;) {
  before = seen;
  await sleep(3000);
}
running = false;
const seconds = (last - first) / 1000;
console.log(`${seen} of ${frames} messages in ${seconds.toFixed(2)} s: ${Math.round(seen / seconds)} messages/s`);
process.exit(0);
