import * as echarts from "echarts";
import { median, type ResultRow } from "./result";

/** Size of a chart in pixels. */
const size = { width: 960, height: 420 };

/** Bar of a chart. */
export interface Bar {
    /** Group of the bar. */
    group: string;
    /** Name in the legend; bars of one series have one colour. */
    series: string;
    value: number;
}

/** Draws groups of bars, in the order in which groups and series first appear. @returns SVG */
export function drawBars(title: string, unit: string, bars: Bar[]): string {
    const groups = [...new Set(bars.map(({ group }) => group))];
    const names = [...new Set(bars.map(({ series }) => series))];
    const chart = echarts.init(null, null, { renderer: "svg", ssr: true, ...size });
    chart.setOption({
        animation: false,
        backgroundColor: "#ffffff",
        title: { text: title, left: "center" },
        legend: { bottom: 0 },
        grid: { top: 50, left: 60, right: 20, bottom: 70 },
        xAxis: { type: "category", data: groups },
        yAxis: { type: "value", name: unit },
        series: names.map((name) => ({
            type: "bar",
            name,
            data: groups.map((group) => {
                const bar = bars.find((one) => one.group === group && one.series === name);
                return bar === undefined ? "-" : Math.round(bar.value * 100) / 100;
            }),
        })),
    });
    const svg = chart.renderToSVGString();
    chart.dispose();
    return svg;
}

/** Draws one figure of a workload: a group of bars for each case, a bar for each strategy. @returns SVG */
export function barChart(title: string, unit: string, rows: ResultRow[], figure: (row: ResultRow) => number): string {
    const bars = rows.map((row) => ({ group: row.case, series: row.strategy, value: figure(row) }));
    return drawBars(title, unit, bars);
}

/** Figures that each workload has a chart of, by the end of the file's name. */
const figures: Record<string, { title: string; unit: string; value: (row: ResultRow) => number }> = {
    seconds: { title: "wall time", unit: "seconds", value: ({ seconds }) => median(seconds) },
    down: { title: "read from registry and S3", unit: "MB", value: ({ mbDown }) => mbDown },
};

/** Names the charts of a workload. */
export function chartNames(workload: string): string[] {
    return Object.keys(figures).map((figure) => `${workload}-${figure}.svg`);
}

/** Draws the charts of a workload, by file name. */
export function chartsOf(workload: string, rows: ResultRow[]): Record<string, string> {
    const names = chartNames(workload);
    const charts = Object.values(figures).map(({ title, unit, value }, index) => [
        names[index]!,
        barChart(`${workload}: ${title}`, unit, rows, value),
    ]);
    return Object.fromEntries(charts) as Record<string, string>;
}
