import { expect, it, vi } from 'vitest';

vi.stubGlobal('location', { hash: '' });
vi.stubGlobal('window', { addEventListener: () => undefined });
const { linkTo, placeFrom } = await import('../../src/lib/route.svelte');

it('a link leads where it was made for', () => {
  for (const part of ['BTCUSDT', '1000PEPEUSDT', '币安人生USDT', 'a/b?c#d %', '']) {
    const place = placeFrom(linkTo('symbol', part, { tf: '5m', empty: '' }));
    expect(place.page).toBe('symbol');
    expect(place.part).toBe(part);
    expect(place.query.get('tf')).toBe('5m');
    expect(place.query.has('empty')).toBe(false);
  }
});
it('anything else is the market', () => {
  expect(placeFrom('').page).toBe('market');
  expect(placeFrom('#/').page).toBe('market');
  expect(placeFrom('#/symbol/%E0%A4%A').part).toBe('%E0%A4%A');
});
