// A tone for each event that is to be heard: higher for what matters more, two for a large one.
import type { MarketEvent } from './types';

let context: AudioContext | undefined;
const pitches = { info: 520, warning: 700, critical: 940 };
const atOnce = 4;

export function ring(events: readonly MarketEvent[]): void {
  if (events.length === 0) {
    return;
  }
  context ??= new AudioContext();
  events.slice(0, atOnce).forEach((event, i) => {
    const tone = new OscillatorNode(context as AudioContext, { type: 'sine', frequency: pitches[event.severity] });
    const gain = new GainNode(context as AudioContext, { gain: 0.08 });
    const at = (context as AudioContext).currentTime + i * 0.16;
    tone.connect(gain).connect((context as AudioContext).destination);
    tone.start(at);
    tone.stop(at + 0.11);
  });
}
