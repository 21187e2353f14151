// A tone for each event that is to be heard: higher for what matters more, a second one for what is large.
import type { MarketEvent } from './types';

let context: AudioContext | undefined;
const pitches = { info: 520, warning: 700, critical: 940 };
const atOnce = 4;
/** USDT that one can begin to listen from; the last is what counts as large. */
export const soundSteps = [0, 10_000, 100_000, 1_000_000];

/** What changed hands, USDT; null of events that have no size. */
export function sizeOf({ numbers }: Pick<MarketEvent, 'numbers'>): number | null {
  const sizes = [numbers.notional_quote, numbers.long_quote, numbers.short_quote].filter((one) => one !== undefined);
  return sizes.length > 0 ? Math.max(...sizes) : null;
}

/** Pitches of the tones, in order. */
export function tonesOf(events: readonly MarketEvent[], from: number): number[] {
  return events
    .filter((event) => (sizeOf(event) ?? Infinity) >= from)
    .slice(0, atOnce)
    .flatMap((event) => {
      const pitch = pitches[event.severity];
      return (sizeOf(event) ?? 0) >= (soundSteps.at(-1) ?? Infinity) ? [pitch, pitch * 1.5] : [pitch];
    });
}

export function ring(events: readonly MarketEvent[], from: number): void {
  const tones = tonesOf(events, from);
  if (tones.length === 0) {
    return;
  }
  const playing = (context ??= new AudioContext());
  tones.forEach((frequency, i) => {
    const tone = new OscillatorNode(playing, { type: 'sine', frequency });
    const gain = new GainNode(playing, { gain: 0.08 });
    const at = playing.currentTime + i * 0.16;
    tone.connect(gain).connect(playing.destination);
    tone.start(at);
    tone.stop(at + 0.11);
  });
}
