// ccxt and bybit-api against the simulated exchange: every public endpoint, then a minute of streams. Their
// books and candles have to equal Virtuoso's at the same update.
//   node check_clients.mjs VIRTUOSO [SECONDS]
import assert from 'node:assert/strict';
import { RestClientV5, WebsocketClient } from 'bybit-api';
import { makeCcxt, sleep, startVirtuoso, withSimulator } from './simulator.mjs';

const binary = process.argv[2];
const seconds = Number(process.argv[3] ?? 60);
const ids = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'XRPUSDT', 'DOGEUSDT'];
const unified = (id) => `${id.slice(0, -4)}/USDT:USDT`;
const depth = 200;

async function checkCcxtRest(exchange) {
  await exchange.loadMarkets();
  assert.equal(Object.keys(exchange.markets).length, 30);
  const symbol = unified('BTCUSDT');
  assert.ok(Math.abs((await exchange.fetchTime()) - Date.now()) < 5000);
  const ticker = await exchange.fetchTicker(symbol);
  assert.ok(ticker.last > 0 && ticker.quoteVolume > 0 && ticker.bid < ticker.ask);
  assert.equal(Object.keys(await exchange.fetchTickers()).length, 30);
  const book = await exchange.fetchOrderBook(symbol, 50);
  assert.ok(book.bids.length === 50 && book.bids[0][0] < book.asks[0][0]);
  const trades = await exchange.fetchTrades(symbol, undefined, 1000);
  assert.equal(trades.length, 1000);
  for (const [timeframe, least] of [['1m', 1000], ['5m', 1000], ['15m', 1000], ['1h', 700], ['4h', 170], ['1d', 29]]) {
    const candles = await exchange.fetchOHLCV(symbol, timeframe, undefined, 1000);
    assert.ok(candles.length >= least, `${timeframe}: ${candles.length} candles`);
    for (const [time, open, high, low, close, volume] of candles) {
      assert.ok(high >= Math.max(open, close) && low <= Math.min(open, close) && volume >= 0, `${timeframe} ${time}`);
    }
  }
  assert.ok((await exchange.fetchOpenInterestHistory(symbol, '5m', undefined, 200)).length === 200);
  assert.ok((await exchange.fetchFundingRateHistory(symbol)).length > 80);
  assert.ok((await exchange.fetchLongShortRatioHistory(symbol, '1h', undefined, 100)).length === 100);
  assert.ok((await exchange.fetchFundingRate(symbol)).fundingRate !== undefined);
  checkCandlesAgainstTrades(await exchange.fetchOHLCV(symbol, '1m', undefined, 1000), trades);
}

/** Whole minutes that the trades cover have the candles those trades make. */
function checkCandlesAgainstTrades(candles, trades) {
  const first = trades[0].timestamp;
  const last = trades[trades.length - 1].timestamp;
  let compared = 0;
  for (const [start, open, high, low, close, volume] of candles) {
    if (start <= first || start + 60_000 > last) continue;
    const inside = trades.filter((t) => t.timestamp >= start && t.timestamp < start + 60_000);
    if (inside.length === 0) continue;
    const prices = inside.map((t) => t.price);
    const sum = inside.reduce((total, t) => total + t.amount, 0);
    assert.deepEqual([high, low], [Math.max(...prices), Math.min(...prices)]);
    // ccxt sorts by time only: of several trades in one millisecond any may stand first.
    const at = (time) => inside.filter((t) => t.timestamp === time).map((t) => t.price);
    assert.ok(at(inside[0].timestamp).includes(open), `open of ${start}: ${open}`);
    assert.ok(at(inside.at(-1).timestamp).includes(close), `close of ${start}: ${close}`);
    assert.ok(Math.abs(sum - volume) < 1e-9 * volume + 1e-9, `volume of ${start}: ${volume} and ${sum}`);
    ++compared;
  }
  assert.ok(compared > 0, 'no whole minute to compare');
}

async function checkBybitApiRest(simulator) {
  const client = new RestClientV5({ baseUrl: simulator.rest });
  const linear = { category: 'linear', symbol: 'ETHUSDT' };
  const list = async (call) => {
    const reply = await call;
    assert.equal(reply.retCode, 0, reply.retMsg);
    return reply.result.list;
  };
  assert.ok((await client.getServerTime()).retCode === 0);
  assert.equal((await list(client.getInstrumentsInfo({ category: 'linear' }))).length, 30);
  assert.equal((await list(client.getTickers({ category: 'linear' }))).length, 30);
  const candles = await list(client.getKline({ ...linear, interval: '1', limit: 100 }));
  assert.ok(candles.length === 100 && Number(candles[0][0]) > Number(candles[1][0]), 'newest first');
  assert.ok((await client.getOrderbook({ ...linear, limit: 25 })).result.b.length === 25);
  assert.equal((await list(client.getPublicTradingHistory({ ...linear, limit: 100 }))).length, 100);
  assert.equal((await list(client.getOpenInterest({ ...linear, intervalTime: '1h', limit: 50 }))).length, 50);
  assert.ok((await list(client.getFundingRateHistory(linear))).length > 80);
  assert.equal((await list(client.getLongShortRatio({ ...linear, period: '1h', limit: 50 }))).length, 50);
  const refused = await client.getKline({ category: 'linear', symbol: 'NOPEUSDT', interval: '1' });
  assert.equal(refused.retCode, 10001);
}

function watchWithBybitApi(simulator, errors) {
  const seen = { orderbook: 0, publicTrade: 0, tickers: 0, kline: 0 };
  const client = new WebsocketClient({ wsUrl: simulator.stream, market: 'v5' });
  client.on('update', (message) => { seen[message.topic.split('.')[0]] += 1; });
  client.on('exception', (error) => errors.push(`bybit-api: ${JSON.stringify(error)}`));
  client.subscribeV5(ids.flatMap((id) => [`orderbook.50.${id}`, `publicTrade.${id}`, `tickers.${id}`, `kline.1.${id}`]),
    'linear');
  return { seen, stop: () => client.closeAll(true) };
}

const top = (side) => side.slice(0, 25).map(([price, size]) => `${price}x${size}`).join(' ');
await withSimulator(import.meta.url, binary, ['--symbols', '30', '--seed', '7'], async (simulator) => {
  const errors = [];
  let exchange;
  let virtuoso;
  try {
    const theirBooks = new Map();
    const theirCandles = new Map();
    const ours = { books: [], minutes: [] };
    exchange = await makeCcxt(simulator, (id, u, book) => {
      theirBooks.set(`${id} ${u}`, [top(book.bids), top(book.asks)]);
    });
    await checkCcxtRest(exchange);
    await checkBybitApiRest(simulator);
    console.log('ccxt and bybit-api: every public endpoint answered');

    virtuoso = startVirtuoso(binary, simulator, ids, ({ symbol, market }) => {
      const number = ([price, size]) => [Number(price), Number(size)];
      if (market.book.valid) {
        ours.books.push([`${symbol} ${market.book.last_update}`, top(market.book.bids.map(number)),
          top(market.book.asks.map(number))]);
      }
      if (market.last_minute) ours.minutes.push([symbol, market.last_minute]);
    });
    const counts = { book: 0, trades: 0, ticker: 0, kline: 0 };
    let running = true;
    const watch = async (kind, call) => {
      while (running) {
        try {
          const result = await call();
          counts[kind] += 1;
          if (kind === 'kline') {
            const [symbol] = Object.keys(result);
            theirCandles.set(symbol, [...(theirCandles.get(symbol) ?? []), ...result[symbol]['1m'].map((c) => [...c])]);
          }
        } catch (error) {
          if (running) errors.push(`ccxt ${kind}: ${error.message}`);
          await sleep(100);
        }
      }
    };
    const symbols = ids.map(unified);
    watch('book', () => exchange.watchOrderBookForSymbols(symbols, depth));
    watch('trades', () => exchange.watchTradesForSymbols(symbols));
    watch('ticker', () => exchange.watchTickers(symbols));
    watch('kline', () => exchange.watchOHLCVForSymbols(symbols.map((symbol) => [symbol, '1m'])));
    const bybitApi = watchWithBybitApi(simulator, errors);
    await sleep(seconds * 1000);
    running = false;
    bybitApi.stop();

    assert.deepEqual(errors, []);
    for (const [kind, count] of Object.entries({ ...counts, ...bybitApi.seen })) {
      assert.ok(count > seconds / 10, `${kind}: only ${count} updates`);
    }
    let books = 0;
    for (const [key, bids, asks] of ours.books) {
      const theirs = theirBooks.get(key);
      if (theirs) {
        assert.deepEqual([bids, asks], theirs, `book of ${key}`);
        ++books;
      }
    }
    let candles = 0;
    for (const [id, minute] of ours.minutes) {
      const known = (theirCandles.get(unified(id)) ?? []).filter(([start]) => start === minute.start_ms);
      if (known.length > 0) {
        const [, open, high, low, close, volume] = known.at(-1);
        assert.deepEqual([open, high, low, close, volume],
          [minute.open, minute.high, minute.low, minute.close, minute.volume].map(Number), `minute of ${id}`);
        ++candles;
      }
    }
    console.log(`${seconds} s of ccxt ${JSON.stringify(counts)}, bybit-api ${JSON.stringify(bybitApi.seen)}; ` +
      `${books} books and ${candles} candles equal Virtuoso's`);
    assert.ok(books > seconds * 5, `only ${books} books could be compared`);
    if (seconds >= 60) assert.ok(candles > 0, 'no candle could be compared');
  } finally {
    virtuoso?.kill('SIGTERM');
    await exchange?.close();
  }
});
