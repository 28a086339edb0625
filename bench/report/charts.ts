import * as echarts from "echarts";
import { median, type ResultRow } from "./result";

/** Size of a chart in pixels. */
const size = { width: 960, height: 420 };

/** A chart of one figure of a workload: a group of bars for each case, a bar for each strategy. @returns SVG */
export function barChart(title: string, unit: string, rows: ResultRow[], figure: (row: ResultRow) => number): string {
    const cases = [...new Set(rows.map((row) => row.case))];
    const strategies = [...new Set(rows.map(({ strategy }) => strategy))];
    const chart = echarts.init(null, null, { renderer: "svg", ssr: true, ...size });
    chart.setOption({
        animation: false,
        backgroundColor: "#ffffff",
        title: { text: title, left: "center" },
        legend: { bottom: 0 },
        grid: { top: 50, left: 60, right: 20, bottom: 70 },
        xAxis: { type: "category", data: cases },
        yAxis: { type: "value", name: unit },
        series: strategies.map((strategy) => ({
            type: "bar",
            name: strategy,
            data: cases.map((name) => {
                const row = rows.find((one) => one.case === name && one.strategy === strategy);
                return row === undefined ? "-" : Math.round(figure(row) * 100) / 100;
            }),
        })),
    });
    const svg = chart.renderToSVGString();
    chart.dispose();
    return svg;
}

/** The charts of a workload by file name. */
export function chartsOf(workload: string, all: ResultRow[]): Record<string, string> {
    const rows = all.filter((row) => row.workload === workload);
    return {
        [`${workload}-seconds.svg`]: barChart(`${workload}: wall time`, "seconds", rows, (row) => median(row.seconds)),
        [`${workload}-down.svg`]: barChart(`${workload}: from registry and S3`, "MB", rows, (row) => row.mbDown),
    };
}
