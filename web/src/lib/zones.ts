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

export class Zones implements ISeriesPrimitive<Time> {
  private zones: Zone[] = [];
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
  show(zones: Zone[]): void {
    this.zones = zones;
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
        });
      },
    };
    return [{ zOrder: () => 'bottom', renderer: () => renderer }];
  }
}
