/** Days and dates of the Gregorian calendar, by arithmetic alone: JavaScript's Date takes many times as long. */
export interface CivilDate {
  readonly year: number;
  /** From 0. */
  readonly month: number;
  readonly day: number;
}

const DAYS_OF_ERA = 146_097;
const YEARS_OF_ERA = 400;
/** From the first of March of year 0, with which the eras are counted, to 1970. */
const DAYS_TO_1970 = 719_468;

/** Days since 1970-01-01; the month and the day may lie beyond their ends. */
export function toDays({ year, month, day }: CivilDate): number {
  // Years begin with March, so that a leap day is the last of its year.
  const months = 12 * year + month - 2;
  const marchYear = Math.floor(months / 12);
  const era = Math.floor(marchYear / YEARS_OF_ERA);
  const yearOfEra = marchYear - era * YEARS_OF_ERA;
  const leapDays = Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  const dayOfYear = toDayOfMarchYear(months - 12 * marchYear) + day - 1;
  return era * DAYS_OF_ERA + 365 * yearOfEra + leapDays + dayOfYear - DAYS_TO_1970;
}

export function toCivilDate(days: number): CivilDate {
  const shifted = days + DAYS_TO_1970;
  const era = Math.floor(shifted / DAYS_OF_ERA);
  const dayOfEra = shifted - era * DAYS_OF_ERA;
  const leapDays = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365);
  const firstOfYear = 365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  const dayOfYear = dayOfEra - firstOfYear;
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const isNextYear = monthFromMarch >= 10;
  return {
    year: yearOfEra + era * YEARS_OF_ERA + (isNextYear ? 1 : 0),
    month: monthFromMarch + (isNextYear ? -10 : 2),
    day: dayOfYear - toDayOfMarchYear(monthFromMarch) + 1,
  };
}

/** The day of a year that begins with March, both from 0, on which a month begins. */
function toDayOfMarchYear(monthFromMarch: number): number {
  return Math.floor((153 * monthFromMarch + 2) / 5);
}

/** 0 is Sunday. */
export function toWeekday(days: number): number {
  return (((days + 4) % 7) + 7) % 7;
}

/** 0 is the first of January. */
export function toDayOfYear(days: number, year: number): number {
  return days - toDays({ year, month: 0, day: 1 });
}
