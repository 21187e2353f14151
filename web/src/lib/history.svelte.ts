// An hour of scores of the symbols that are in sight, asked for once a minute and a few at a time.
import { get } from './api.svelte';
import type { ScoreList } from './types';

const lastMs = 60_000;
const atOnce = 4;

class ScoreHistory {
  /** By symbol; empty while it is not known. */
  values = $state.raw<ReadonlyMap<string, (number | null)[]>>(new Map());
  private readonly asked = new Map<string, number>();
  private waiting: string[] = [];
  private underWay = 0;
  private broken = 0;

  want(symbols: readonly string[]): void {
    const now = Date.now();
    if (now < this.broken) {
      return;
    }
    this.waiting = symbols.filter((symbol) => now - (this.asked.get(symbol) ?? 0) > lastMs);
    this.go();
  }

  private go(): void {
    while (this.underWay < atOnce) {
      const symbol = this.waiting.shift();
      if (symbol === undefined) {
        return;
      }
      this.asked.set(symbol, Date.now());
      ++this.underWay;
      get<ScoreList>(`/api/v1/symbols/${encodeURIComponent(symbol)}/scores?limit=60`)
        .then((list) => {
          const values = new Map(this.values);
          values.set(
            symbol,
            list.scores.map((sample) => sample.score),
          );
          this.values = values;
        })
        .catch(() => {
          this.broken = Date.now() + lastMs; // without a store there is no history
        })
        .finally(() => {
          --this.underWay;
          this.go();
        });
    }
  }
}
export const scoreHistory = new ScoreHistory();
