// Lines of a chart beside its candles, each in a pane of its own or together with others.
import { LineSeries, LineStyle, LineType, type AutoscaleInfo, type IChartApi, type ISeriesApi, type UTCTimestamp } from 'lightweight-charts';
import { colour } from './colours';
import { number, price, short } from './format';
import type { Point } from './series';

interface Pane {
  format: (value: number) => string;
  /** What is seen of it at least, with a line in the middle. */
  least?: [number, number];
  steps?: boolean;
}
const ofScores: Pane = { format: (value) => number(value, 1), least: [30, 70] };
const panes: Record<string, Pane> = {
  '': { format: price },
  delta: { format: short },
  interest: { format: short },
  funding: { format: (value) => number(value, 4), least: [-0.01, 0.01], steps: true },
  score: ofScores,
  parts: ofScores,
};

function atLeast([low, high]: [number, number]): (own: () => AutoscaleInfo | null) => AutoscaleInfo {
  return (own) => {
    const range = own()?.priceRange;
    return { priceRange: { minValue: Math.min(range?.minValue ?? low, low), maxValue: Math.max(range?.maxValue ?? high, high) } };
  };
}

export class ChartLines {
  private readonly known = new Map<string, { series: ISeriesApi<'Line'>; pane: string }>();

  constructor(private readonly chart: IChartApi) {}

  /** Lines of one pane share it; that of the candles has no name. Without points there is no line. */
  show(name: string, points: Point[] | null, tint: string, pane: string, title: string): void {
    const known = this.known.get(name);
    if (!points || points.length === 0) {
      if (known) {
        this.chart.removeSeries(known.series);
        this.known.delete(name);
      }
      return;
    }
    (known?.series ?? this.add(name, tint, pane, title)).setData(
      points.map((point, i) => ({
        time: point.time as UTCTimestamp,
        value: point.value,
        ...(points[i + 1]?.begins ? { color: 'transparent' } : {}),
      })),
    );
  }

  private add(name: string, tint: string, pane: string, title: string): ISeriesApi<'Line'> {
    const beside = [...this.known.values()].find((one) => one.pane === pane);
    const apart = pane !== '';
    const { format, least, steps } = panes[pane] ?? ofScores;
    const series = this.chart.addSeries(
      LineSeries,
      {
        color: tint,
        lineWidth: 1,
        title,
        lastValueVisible: apart,
        priceLineVisible: false,
        crosshairMarkerVisible: apart,
        lineType: steps ? LineType.WithSteps : LineType.Simple,
        priceFormat: { type: 'custom', formatter: format, minMove: 1e-8 },
        // Candles alone decide how high their pane reaches.
        ...(least ? { autoscaleInfoProvider: atLeast(least) } : apart ? {} : { autoscaleInfoProvider: () => null }),
      },
      apart ? (beside?.series.getPane().paneIndex() ?? this.chart.panes().length) : 0,
    );
    this.known.set(name, { pane, series });
    if (least && !beside) {
      series.createPriceLine({ price: (least[0] + least[1]) / 2, color: colour('--quiet', 0.6), lineWidth: 1, lineStyle: LineStyle.Dotted, axisLabelVisible: false });
    }
    if (apart) {
      series.getPane().setStretchFactor(1);
    }
    return series;
  }
}
