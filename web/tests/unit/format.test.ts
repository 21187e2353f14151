import { describe, expect, it } from 'vitest';
import { age, absent, counted, digitsOf, exact, momentOf, number, percent, price, short, signed, timeOf, words } from '../../src/lib/format';

describe('what is absent', () => {
  it('is a dash and never a number', () => {
    for (const show of [number, percent, short, signed, price, age]) {
      expect(show(null)).toBe(absent);
      expect(show(undefined)).toBe(absent);
      expect(show(NaN)).toBe(absent);
    }
    expect(exact(null)).toBe(absent);
    expect(timeOf(null, 'UTC')).toBe(absent);
  });
});

describe('numbers', () => {
  it('keep every digit of an exact text', () => {
    expect(exact('61250.12345678')).toBe('61,250.12345678');
    expect(exact('-1234567.5')).toBe('-1,234,567.5');
    expect(exact('0.00000001')).toBe('0.00000001');
    for (const text of ['1', '12', '123', '1234', '12345', '123456', '1234567.000001']) {
      expect(exact(text).replaceAll(',', '')).toBe(text);
    }
  });
  it('stand in columns without losing a digit', () => {
    const texts = ['61230', '61230.1', '0.25'];
    expect(digitsOf(texts)).toBe(2);
    expect(digitsOf([])).toBe(0);
    expect(texts.map((text) => exact(text, digitsOf(texts)))).toEqual(['61,230.00', '61,230.10', '0.25']);
    expect(exact('0.123', 1)).toBe('0.123');
  });
  it('are counted in words', () => {
    expect([0, 1, 2, 1234].map((count) => counted(count, 'signal'))).toEqual(['0 signals', '1 signal', '2 signals', '1,234 signals']);
  });
  it('are short with their size', () => {
    expect(short(0)).toBe('0.00');
    expect(short(999)).toBe('999');
    expect(short(1_234)).toBe('1.23 K');
    expect(short(12_345_678)).toBe('12.3 M');
    expect(short(257_073_146_813)).toBe('257 B');
    expect(short(-4_500_000)).toBe('-4.50 M');
  });
  it('carry signs where these say something', () => {
    expect(percent(0.0351)).toBe('+3.51 %');
    expect(percent(-0.0351)).toBe('-3.51 %');
    expect(percent(0)).toBe('0.00 %');
    expect(signed(1.5, 1)).toBe('+1.5');
  });
  it('have as many digits as matter in a price', () => {
    expect(price(61250.55)).toBe('61,250.6');
    expect(price(0.00001234)).toBe('0.00001234');
  });
});

describe('times', () => {
  const moment = Date.UTC(2026, 10, 27, 23, 59, 59);
  it('are UTC where that is chosen, whatever the machine’s zone', () => {
    expect(momentOf(moment, 'UTC')).toBe('2026-11-27 23:59:59');
    expect(timeOf(moment, 'UTC')).toBe('23:59:59');
    expect(timeOf(Date.UTC(2026, 10, 27), 'UTC')).toBe('00:00:00');
  });
  it('tell ages in the unit that fits', () => {
    expect(age(500)).toBe('0.5 s');
    expect(age(45_000)).toBe('45 s');
    expect(age(600_000)).toBe('10 min');
    expect(age(3 * 3_600_000)).toBe('3 h');
    expect(age(3 * 86_400_000)).toBe('3 d');
    expect(age(-5)).toBe('0.0 s');
  });
});

it('names are words', () => {
  expect(words('price_structure')).toBe('Price structure');
  expect(words('')).toBe('');
});
