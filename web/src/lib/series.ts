// Lines that a chart draws, made of the documents.
import type { Candle, CandleList, ComponentName, Derivatives, ScoreList } from './types';

export interface Point {
  time: number;
  value: number;
  /** The line does not lead here from the point before. */
  begins?: boolean;
}

/** Exponential average of closes. */
export function emaOf(candles: readonly Candle[], length: number): Point[] {
  const factor = 2 / (length + 1);
  const points: Point[] = [];
  let value: number | null = null;
  candles.forEach((candle, i) => {
    const close = Number(candle.close);
    value = value === null ? close : value + factor * (close - value);
    if (i >= length - 1) {
      points.push({ time: candle.start_ms / 1000, value });
    }
  });
  return points;
}

/** Volume-weighted average price since midnight UTC. */
export function vwapOf(candles: readonly Candle[]): Point[] {
  let day = -1;
  let turnover = 0;
  let volume = 0;
  const points: Point[] = [];
  for (const candle of candles) {
    const today = Math.floor(candle.start_ms / 86_400_000);
    const begins = today !== day;
    if (begins) {
      day = today;
      turnover = volume = 0;
    }
    const typical = (Number(candle.high) + Number(candle.low) + Number(candle.close)) / 3;
    turnover += typical * candle.volume;
    volume += candle.volume;
    if (volume > 0) {
      points.push({ time: candle.start_ms / 1000, value: turnover / volume, begins });
    }
  }
  return points;
}

/** What takers bought less what they sold, summed up over the candles whose sides are known. */
export function cumulativeDelta(candles: readonly Candle[]): Point[] {
  let sum = 0;
  return candles
    .filter((candle) => candle.taker_buy + candle.taker_sell > 0)
    .map((candle) => {
      sum += candle.taker_buy - candle.taker_sell;
      return { time: candle.start_ms / 1000, value: sum };
    });
}

/** One point a candle at most, so that panes share their times. */
export function onGrid(points: readonly Point[], list: CandleList): Point[] {
  const starts = list.candles.map((candle) => candle.start_ms / 1000);
  const first = starts[0];
  if (first === undefined) {
    return [];
  }
  const byStart = new Map<number, number>();
  let place = 0;
  for (const point of points) {
    if (point.time < first) {
      continue;
    }
    while (place + 1 < starts.length && (starts[place + 1] ?? Infinity) <= point.time) {
      ++place;
    }
    byStart.set(starts[place] ?? first, point.value);
  }
  return [...byStart].map(([time, value]) => ({ time, value }));
}

export function interestOf(derivatives: Derivatives): Point[] {
  return derivatives.open_interest.map((point) => ({ time: point.time_ms / 1000, value: point.open_interest }));
}
/** In percent; the last rate holds until another is paid. */
export function fundingOf(derivatives: Derivatives, now_ms: number): Point[] {
  const points = derivatives.funding.map((point) => ({ time: point.time_ms / 1000, value: point.rate * 100 }));
  const last = points.at(-1);
  return last ? [...points, { time: now_ms / 1000, value: last.value }] : [];
}
export function scoresOf(list: ScoreList, name: ComponentName | 'score' = 'score'): Point[] {
  return list.scores.flatMap((sample) => {
    const value = sample[name];
    return value === null ? [] : [{ time: sample.time_ms / 1000, value }];
  });
}
