// What a store kept of a time before it.

const columns = (values) => values.map((value) => (value === null ? 'NULL' : typeof value === 'string' ? `'${value}'` : value)).join(', ');

const insert = (table, rows) => `BEGIN IMMEDIATE;
${rows.map((values) => `INSERT OR REPLACE INTO ${table} VALUES (${columns(values)});`).join('\n')}
COMMIT;`;

/** SQL: two hours of a symbol's scores. */
export function scoresBefore(now) {
  const minute = Math.floor(now / 60_000) * 60_000;
  return insert('scores', Array.from({ length: 120 }, (_, age) => ['sim', 'BTCUSDT', minute - (age + 2) * 60_000,
    age % 7 === 0 ? null : 40 + age / 8, 50, 51.5, 52, 53, 54, age % 2 === 0 ? null : 55, 0.9]));
}

/** SQL: what became of a signal, as far as that is known. */
export function outcomesOf({ symbol, sequence, time_ms: begun }) {
  return insert('outcomes', [['5m', 300_000], ['15m', 900_000], ['plan', 1_800_000]].map(([horizon, ms]) => ['sim', symbol, sequence,
    horizon, begun + ms, 'whole', 0.004, 0.8, 0.2, ...(horizon === 'plan' ? ['target', 1, 0.33, 0.3] : [null, null, null, null]), 0, 'LONG', 71.5, 'deep',
    'bullish']));
}
