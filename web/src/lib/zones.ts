// Rectangles of prices on a chart, from a time to the right edge.
import type {
  IChartApi,
  IPrimitivePaneRenderer,
  IPrimitivePaneView,
  ISeriesApi,
  ISeriesPrimitive,
  SeriesAttachedParameter,
  SeriesType,
  Time,
  UTCTimestamp,
} from 'lightweight-charts';

export interface Zone {
  low: number;
  high: number;
  /** Seconds; null is from the left edge. */
  from: number | null;
  colour: string;
}

/** Bars of volume by price, from the right edge to the left. */
export interface VolumeBars {
  low: number;
  high: number;
  volumes: readonly number[];
  colour: string;
}

export class Zones implements ISeriesPrimitive<Time> {
  private zones: Zone[] = [];
  private bars: VolumeBars | null = null;
  private chart: IChartApi | null = null;
  private series: ISeriesApi<SeriesType> | null = null;
  private update: (() => void) | null = null;

  attached({ chart, series, requestUpdate }: SeriesAttachedParameter<Time>): void {
    this.chart = chart as IChartApi;
    this.series = series as ISeriesApi<SeriesType>;
    this.update = requestUpdate;
  }
  detached(): void {
    this.chart = this.series = this.update = null;
  }
  show(zones: Zone[], bars: VolumeBars | null): void {
    this.zones = zones;
    this.bars = bars;
    this.update?.();
  }
  paneViews(): readonly IPrimitivePaneView[] {
    const renderer: IPrimitivePaneRenderer = {
      draw: (target) => {
        target.useMediaCoordinateSpace(({ context, mediaSize }) => {
          for (const zone of this.zones) {
            const top = this.series?.priceToCoordinate(zone.high);
            const bottom = this.series?.priceToCoordinate(zone.low);
            if (top == null || bottom == null) {
              continue;
            }
            const left = zone.from === null ? 0 : (this.chart?.timeScale().timeToCoordinate(zone.from as UTCTimestamp) ?? 0);
            context.fillStyle = zone.colour;
            context.fillRect(left, top, mediaSize.width - left, Math.max(bottom - top, 1));
          }
          this.drawBars(context, mediaSize.width);
        });
      },
    };
    return [{ zOrder: () => 'bottom', renderer: () => renderer }];
  }

  private drawBars(context: CanvasRenderingContext2D, width: number): void {
    const bars = this.bars;
    const most = Math.max(...(bars?.volumes ?? []), 0);
    if (!bars || most <= 0) {
      return;
    }
    const step = (bars.high - bars.low) / bars.volumes.length;
    context.fillStyle = bars.colour;
    bars.volumes.forEach((volume, i) => {
      const bottom = this.series?.priceToCoordinate(bars.low + i * step);
      const top = this.series?.priceToCoordinate(bars.low + (i + 1) * step);
      if (bottom != null && top != null) {
        const length = (volume / most) * width * 0.18;
        context.fillRect(width - length, top, length, Math.max(bottom - top - 0.5, 0.5));
      }
    });
  }
}
