import { describe, expect, it } from 'vitest';
import { sizeOf, tonesOf } from '../../src/lib/sound';
import type { MarketEvent } from '../../src/lib/types';

const event = (numbers: Record<string, number>, severity: MarketEvent['severity'] = 'info'): MarketEvent =>
  ({ number: 1, kind: 'whale_trade', severity, phase: 'moment', time_ms: 1, symbol: 'A', sentence: '', numbers });

describe('sounds', () => {
  it('know what changed hands', () => {
    expect(sizeOf(event({ notional_quote: 5 }))).toBe(5);
    expect(sizeOf(event({ long_quote: 5, short_quote: 9 }))).toBe(9);
    expect(sizeOf(event({ rate_8h: 5 }))).toBeNull();
  });
  it('are left out below the size that is asked for, and where there is none they are heard', () => {
    expect(tonesOf([event({ notional_quote: 9_999 }), event({ notional_quote: 10_000 }), event({})], 10_000)).toHaveLength(2);
  });
  it('are higher for what is grave, two for what is large, and never a concert', () => {
    const [info, critical] = tonesOf([event({}), event({}, 'critical')], 0);
    expect(critical).toBeGreaterThan(info ?? 0);
    expect(tonesOf([event({ notional_quote: 1_000_000 })], 0)).toHaveLength(2);
    expect(tonesOf(Array.from({ length: 50 }, () => event({})), 0)).toHaveLength(4);
  });
});
