// Signals of the last days and what became of them, put into a store as another process puts them:
// past.mjs STORE [EDGE] writes 600 of them; EDGE is what each gains on average, in R (0).
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const symbols = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'XRPUSDT', 'BNBUSDT'];
const regimes = ['bullish', 'bearish', 'neutral'];
const horizons = { '5m': 5, '15m': 15, '1h': 60, '4h': 240, '24h': 1440 };
const minute = 60_000;

/** The same numbers every time. */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function signalOf(i, count, now, next) {
  const direction = next() < 0.55 ? 'LONG' : 'SHORT';
  const score = direction === 'LONG' ? 70 + 25 * next() ** 2 : 30 - 25 * next() ** 2;
  const entry = 100 * (1 + 0.1 * next());
  const risk = 0.01 * entry * (direction === 'LONG' ? 1 : -1);
  return {
    symbol: symbols[i % symbols.length], sequence: 1_000_000 + i, id: `past-${i}`, time: now - 2 * 1440 * minute - (count - i) * 7 * minute,
    direction, score, entry, stop: entry - risk, targets: [1, 2, 3].map((r) => entry + r * risk), regime: regimes[i % 3],
    group: i % 4 === 3 ? 'other' : 'deep',
  };
}

function outcomesOf(signal, edge, next) {
  const rows = Object.entries(horizons).map(([horizon, minutes]) => [horizon, minutes, 'whole', (next() - 0.5) * 0.002 * Math.sqrt(minutes), null, null, null, null, null, null]);
  const won = next() < 0.4;
  const gross = (won ? 1.5 : -1) + edge + 0.06;
  return [...rows, ['plan', 300, 'whole', null, won ? 1.5 + next() : next(), won ? next() : 1 + next() / 4, won ? 'target' : 'stop', won ? 1 : 0, gross, gross - 0.06]].map(
    ([horizon, minutes, ...rest]) => ['sim', signal.symbol, signal.sequence, horizon, signal.time + minutes * minute, ...rest, 0, signal.direction, signal.score, signal.group, signal.regime],
  );
}

/** Rows of the tables, by their names. */
export function past({ count = 600, edge = 0, now = Date.now() } = {}) {
  const next = numbers(7);
  const made = Array.from({ length: count }, (_, i) => signalOf(i, count, now, next));
  return {
    signals: made.map((one) => ['sim', one.symbol, one.sequence, one.id, 0, one.time, one.time, one.direction, one.score, 1, 0.9, one.score, one.score, 50, 50, null, 50,
      one.entry, one.stop, ...one.targets, 'past', '{"schema":"virtuoso.signal/1"}']),
    outcomes: made.flatMap((one) => outcomesOf(one, edge, next)),
  };
}

/** Adds the rows to a store of SQLite that a service may be writing to. */
export function remember(store, tables) {
  const python = `import json, sqlite3, sys
store = sqlite3.connect(sys.argv[1], timeout=20)
with store:
    for table, rows in json.load(sys.stdin).items():
        store.executemany(f"INSERT OR REPLACE INTO {table} VALUES ({','.join('?' * len(rows[0]))})", rows)`;
  const ended = spawnSync('python3', ['-c', python, store], { input: JSON.stringify(tables), encoding: 'utf8' });
  if (ended.status !== 0) {
    throw new Error(`the store is not filled: ${ended.stderr}`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , store, edge = '0'] = process.argv;
  remember(store, past({ edge: Number(edge) }));
}
