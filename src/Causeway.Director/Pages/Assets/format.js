// How numbers and times are written.
const units = ["B", "KiB", "MiB", "GiB", "TiB"];
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: "UTC" });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZone: "UTC" });

export function bytes(value) {
  let unit = 0;
  while (Math.abs(value) >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? value.toFixed(0) : value.toFixed(1)} ${units[unit]}`;
}

export const byteRate = (value) => `${bytes(value)}/s`;
export const count = (value) => whole.format(value);
export const percent = (share) => `${(share * 100).toFixed(share < 0.1 && share > 0 ? 1 : 0)} %`;
export const milliseconds = (value) => (value >= 100 ? `${value.toFixed(0)} ms` : `${value.toFixed(1)} ms`);
export const time = (at) => clock.format(new Date(at));
export const moment = (at) => `${day.format(new Date(at))} UTC`;
export const words = (name) => name.replaceAll("_", " ");

export function seconds(value) {
  if (value < 1) {
    return value <= 0 ? "0 s" : `${value.toFixed(1)} s`;
  }
  if (value < 90) {
    return `${value.toFixed(0)} s`;
  }
  return value < 5400 ? `${(value / 60).toFixed(0)} min` : `${(value / 3600).toFixed(1)} h`;
}

export function limitLevel(share) {
  return share >= 0.9 ? "bad" : share >= 0.8 ? "part" : share >= 0.7 ? "warn" : "ok";
}
