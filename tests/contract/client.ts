// A client whose types come from the contract alone: it is type-checked, then run against a service.
import createClient from 'openapi-fetch';
import type { components, paths } from './node_modules/.made/contract.js';

type Row = components['schemas']['Row'];
type Symbols = components['schemas']['Symbols'];

function expect(so: boolean, what: string): void {
  if (!so) throw new Error(`not so: ${what}`);
}

/** Every symbol, page by page. */
async function allSymbols(client: ReturnType<typeof createClient<paths>>): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | null = null;
  do {
    const page: Symbols | undefined = (await client.GET('/api/v1/symbols', {
      params: { query: { sort: 'symbol', limit: 5, ...(cursor === null ? {} : { cursor }) } },
    })).data;
    rows.push(...(page?.symbols ?? []));
    cursor = page?.next_cursor ?? null;
  } while (cursor !== null);
  return rows;
}

export async function useClient(baseUrl: string): Promise<string> {
  const client = createClient<paths>({ baseUrl });
  const rows = await allSymbols(client);
  const names = new Set(rows.map((row) => row.symbol));
  expect(rows.length > 5 && names.size === rows.length, 'every symbol comes once');

  const symbol = 'BTCUSDT';
  const book = await client.GET('/api/v1/symbols/{symbol}/book', { params: { path: { symbol }, query: { levels: 3 } } });
  const [bid] = book.data?.bids ?? [];
  const [ask] = book.data?.asks ?? [];
  expect(bid !== undefined && ask !== undefined && Number(bid[0]) < Number(ask[0]), 'the best bid is below the best ask');

  const candles = await client.GET('/api/v1/symbols/{symbol}/candles', {
    params: { path: { symbol }, query: { timeframe: '5m', limit: 10 } },
  });
  expect((candles.data?.candles.length ?? 0) >= 10, 'ten candles');

  const confluence = await client.GET('/api/v1/symbols/{symbol}/confluence', { params: { path: { symbol } } });
  const weights = Object.values(confluence.data?.components ?? {}).reduce((sum, component) => sum + component.weight, 0);
  expect(Math.abs(weights - 1) < 1e-9, 'the components weigh 1 together');

  const refused = await client.GET('/api/v1/symbols/{symbol}/confluence', { params: { path: { symbol: 'NOPEUSDT' } } });
  expect(refused.response.status === 404 && refused.error?.status === 404, 'a symbol that is not followed is refused');

  // @ts-expect-error: a timeframe that the contract does not have
  const wrong = await client.GET('/api/v1/symbols/{symbol}/candles', { params: { path: { symbol }, query: { timeframe: '7m' } } });
  expect(wrong.error?.detail.includes('"7m"') === true, 'and the service names it');

  const run = await client.POST('/api/v1/keeper/run', { body: {} });
  expect(run.response.status === 202 && run.data?.over === false, 'the memory keeper is asked to run');
  return `a generated client read ${rows.length} symbols`;
}
