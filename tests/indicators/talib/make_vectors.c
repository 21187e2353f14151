/* Writes TA-Lib's values for candles on standard input, rows "time_ms,open,high,low,close,volume" oldest first.
 *
 *   cc -I<talib>/include make_vectors.c <talib sources or -lta_lib> -lm -o make_vectors
 * See README.md beside this file.
 *
 * Printed are the rows around warm-up and every 400th: enough to see a drift anywhere. */
#include <stdio.h>
#include <stdlib.h>

#include "ta_libc.h"

enum { rows_max = 60000, series = 16 };
static double time_ms[rows_max], open_[rows_max], high[rows_max], low[rows_max], close_[rows_max], volume[rows_max];
static double out[series][rows_max], volume_sum[rows_max];
static int begin[series], volume_begin, count;

static void check(int index, TA_RetCode code, int first) {
    if (code != TA_SUCCESS) {
        fprintf(stderr, "series %d: TA-Lib error %d\n", index, (int)code);
        exit(1);
    }
    begin[index] = first;
}

static void compute(int last) {
    int first = 0, length = 0;
#define RUN(index, call) do { TA_RetCode code = call; check(index, code, first); } while (0)
    RUN(0, TA_RSI(0, last, close_, 14, &first, &length, out[0]));
    RUN(1, TA_MACD(0, last, close_, 12, 26, 9, &first, &length, out[1], out[2], out[3]));
    begin[2] = begin[3] = first;
    RUN(4, TA_CCI(0, last, high, low, close_, 20, &first, &length, out[4]));
    RUN(5, TA_WILLR(0, last, high, low, close_, 14, &first, &length, out[5]));
    RUN(6, TA_ATR(0, last, high, low, close_, 14, &first, &length, out[6]));
    RUN(7, TA_ADX(0, last, high, low, close_, 14, &first, &length, out[7]));
    RUN(8, TA_PLUS_DI(0, last, high, low, close_, 14, &first, &length, out[8]));
    RUN(9, TA_MINUS_DI(0, last, high, low, close_, 14, &first, &length, out[9]));
    RUN(10, TA_EMA(0, last, close_, 20, &first, &length, out[10]));
    RUN(11, TA_EMA(0, last, close_, 50, &first, &length, out[11]));
    RUN(12, TA_EMA(0, last, close_, 200, &first, &length, out[12]));
    RUN(13, TA_SMA(0, last, close_, 20, &first, &length, out[13]));
    RUN(14, TA_OBV(0, last, close_, volume, &first, &length, out[14]));
    RUN(15, TA_AD(0, last, high, low, close_, volume, &first, &length, out[15]));
    TA_SUM(0, last, volume, 20, &volume_begin, &length, volume_sum);
}

static void print_row(int row) {
    printf("%.0f", time_ms[row]);
    for (int k = 0; k < series; ++k) {
        if (row >= begin[k]) {
            printf(",%.17g", out[k][row - begin[k]]);
        } else {
            printf(",");
        }
    }
    /* Chaikin money flow is the change of the A/D line over 20 candles, divided by their volume. */
    if (row >= 20) {
        printf(",%.17g\n", (out[15][row] - out[15][row - 20]) / volume_sum[row - volume_begin]);
    } else {
        printf(",\n");
    }
}

int main(void) {
    char line[512];
    TA_Initialize();
    while (count < rows_max && fgets(line, sizeof line, stdin)) {
        if (sscanf(line, "%lf,%lf,%lf,%lf,%lf,%lf", &time_ms[count], &open_[count], &high[count], &low[count],
                   &close_[count], &volume[count]) == 6) {
            ++count;
        }
    }
    compute(count - 1);
    puts("time_ms,rsi14,macd,macd_signal,macd_hist,cci20,willr14,atr14,adx14,plus_di14,minus_di14,ema20,ema50,"
         "ema200,sma20,obv,adl,cmf20");
    for (int row = 0; row < count; ++row) {
        if (row <= 40 || row == 199 || row % 400 == 0 || row == count - 1) {
            print_row(row);
        }
    }
    return 0;
}
