import type { Schedule } from '../../beat/index.js';

const UNITS = [
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
] as const;

/** A schedule as people say it, and as it is written. */
export async function scheduleWords(
  schedule: Schedule,
): Promise<{ readonly rule: string; readonly written: string }> {
  switch (schedule.type) {
    case 'interval':
      return { rule: every(schedule.every), written: `${schedule.every} s` };
    case 'clocked':
      return { rule: `once, at ${schedule.at}`, written: schedule.at };
    case 'solar': {
      const { event, lat, lon } = schedule;
      return { rule: `at ${event.replaceAll('_', ' ')}`, written: `${event} at ${lat}, ${lon}` };
    }
    case 'crontab': {
      const { minute, hour, day_of_month: day, month_of_year: month, day_of_week: weekday } = schedule;
      const written = [minute, hour, day, month, weekday].map(String).join(' ');
      return { rule: await crontabWords(written), written };
    }
  }
}

function every(seconds: number): string {
  const [length, unit] = UNITS.find(([size]) => seconds >= size && seconds % size === 0) ?? [1, 'second'];
  const count = seconds / length;
  return count === 1 ? `every ${unit}` : `every ${count} ${unit}s`;
}

async function crontabWords(written: string): Promise<string> {
  const { default: words } = await import('cronstrue');
  try {
    return words.toString(written, { use24HourTimeFormat: true, logicalAndDayFields: true });
  } catch {
    // Celery reads a few forms that other crontabs do not have.
    return written;
  }
}
