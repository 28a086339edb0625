import * as echarts from "echarts";
import { median, type ResultRow } from "./result";

/** Size of a chart in pixels. */
const size = { width: 960, height: 420 };

/** A bar of a chart. */
export interface Bar {
    /** Group that it stands in. */
    group: string;
    /** What it has its colour from, and its name in the legend. */
    series: string;
    value: number;
}

/** A chart of groups of bars, in the order in which groups and series first appear. @returns SVG */
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

/** A chart of one figure of a workload: a group of bars for each case, a bar for each strategy. @returns SVG */
export function barChart(title: string, unit: string, rows: ResultRow[], figure: (row: ResultRow) => number): string {
    const bars = rows.map((row) => ({ group: row.case, series: row.strategy, value: figure(row) }));
    return drawBars(title, unit, bars);
}

/** The charts of a workload by file name. */
export function chartsOf(workload: string, all: ResultRow[]): Record<string, string> {
    const rows = all.filter((row) => row.workload === workload);
    return {
        [`${workload}-seconds.svg`]: barChart(`${workload}: wall time`, "seconds", rows, (row) => median(row.seconds)),
        [`${workload}-down.svg`]: barChart(`${workload}: from registry and S3`, "MB", rows, (row) => row.mbDown),
    };
}
