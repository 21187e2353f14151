// How signals fared, summed up.
import type { Outcome, StoredSignal } from './types';

export interface Fate {
  signal: StoredSignal;
  plan: Outcome | null;
  byHorizon: Partial<Record<string, Outcome>>;
}

export function fatesOf(signals: readonly StoredSignal[], outcomes: readonly Outcome[]): Fate[] {
  const byKey = new Map<string, Fate>();
  for (const signal of signals) {
    byKey.set(`${signal.symbol}/${signal.sequence}`, { signal, plan: null, byHorizon: {} });
  }
  for (const outcome of outcomes) {
    const fate = byKey.get(`${outcome.symbol}/${outcome.sequence}`);
    if (fate && outcome.horizon === 'plan') {
      fate.plan = outcome;
    } else if (fate) {
      fate.byHorizon[outcome.horizon] = outcome;
    }
  }
  return [...byKey.values()];
}

/** Below so many nothing is concluded. */
export const enough = 30;

export interface Expectancy {
  count: number;
  mean: number;
  low: number;
  high: number;
  won: number;
  total: number;
}

/** Mean result in R with its 95 % interval (normal approximation); null below two results. */
export function expectancy(fates: readonly Fate[]): Expectancy | null {
  const results = fates.flatMap((fate) => (fate.plan?.net_r == null ? [] : [fate.plan.net_r]));
  if (results.length < 2) {
    return null;
  }
  const total = results.reduce((sum, one) => sum + one, 0);
  const mean = total / results.length;
  const variance = results.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (results.length - 1);
  const reach = 1.96 * Math.sqrt(variance / results.length);
  return { count: results.length, mean, low: mean - reach, high: mean + reach, won: results.filter((one) => one > 0).length, total };
}

export function edgeSentence(found: Expectancy | null): string {
  if (!found) {
    return 'Too few signals have run their course to say anything.';
  }
  if (found.count < enough) {
    return `${found.count} signals have run their course: below ${enough} nothing is concluded.`;
  }
  return found.low > 0
    ? 'The interval lies above zero: such signals had an edge after costs.'
    : found.high < 0
      ? 'The interval lies below zero: such signals lost after costs.'
      : 'There is no edge to be seen: the interval holds zero.';
}

export interface Excursions {
  count: number;
  favourable: number;
  adverse: number;
}

/** Medians of how far price went in a signal's favour and against it, in R; null without any. */
export function excursions(fates: readonly Fate[]): Excursions | null {
  const plans = fates.flatMap(({ plan }) => (plan?.favourable_r == null || plan.adverse_r == null || plan.state === 'open' ? [] : [plan]));
  if (plans.length === 0) {
    return null;
  }
  const median = (values: number[]): number => {
    values.sort((a, b) => a - b);
    const middle = values.length / 2;
    return values.length % 2 === 1 ? (values[Math.floor(middle)] ?? 0) : ((values[middle - 1] ?? 0) + (values[middle] ?? 0)) / 2;
  };
  return {
    count: plans.length,
    favourable: median(plans.map((plan) => plan.favourable_r ?? 0)),
    adverse: median(plans.map((plan) => plan.adverse_r ?? 0)),
  };
}

export interface Decile {
  from: number;
  count: number;
  rose: number;
  low: number;
  high: number;
}

/** Of the signals in each ten points of score the share after which price was higher at a horizon, with the Wilson interval. */
export function calibration(fates: readonly Fate[], horizon: string): Decile[] {
  const counts = new Map<number, { all: number; rose: number }>();
  for (const { signal, byHorizon } of fates) {
    const share = byHorizon[horizon]?.return_share;
    if (share == null) {
      continue;
    }
    const from = Math.min(Math.floor(signal.score / 10) * 10, 90);
    const count = counts.get(from) ?? { all: 0, rose: 0 };
    ++count.all;
    count.rose += (signal.direction === 'LONG' ? share : -share) > 0 ? 1 : 0;
    counts.set(from, count);
  }
  return [...counts].sort(([a], [b]) => a - b).map(([from, { all, rose }]) => ({ from, count: all, ...wilson(rose, all) }));
}

/** Source: Wilson (1927), 95 %. */
export function wilson(hits: number, all: number): { rose: number; low: number; high: number } {
  const z = 1.96;
  const share = hits / all;
  const middle = (share + (z * z) / (2 * all)) / (1 + (z * z) / all);
  const reach = (z * Math.sqrt((share * (1 - share)) / all + (z * z) / (4 * all * all))) / (1 + (z * z) / all);
  return { rose: share, low: middle - reach, high: middle + reach };
}

/** Results in R, summed up in order of time. */
export function cumulative(fates: readonly Fate[]): number[] {
  let sum = 0;
  return fates
    .filter((fate) => fate.plan?.net_r != null)
    .sort((a, b) => a.signal.time_ms - b.signal.time_ms)
    .map((fate) => (sum += fate.plan?.net_r ?? 0));
}

export function grouped(fates: readonly Fate[], by: (fate: Fate) => string): [string, Expectancy | null, number][] {
  const groups = new Map<string, Fate[]>();
  for (const fate of fates) {
    const name = by(fate);
    groups.set(name, [...(groups.get(name) ?? []), fate]);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, of]) => [name, expectancy(of), of.length]);
}
