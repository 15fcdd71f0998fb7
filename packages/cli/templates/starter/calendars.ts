import type { Calendar } from '@bookend/sdk'

/** When somebody is there, by the clocks on the office's wall. */
export const office: Calendar = {
  zone: 'Europe/Berlin',
  open: {
    mon: ['09:00-17:00'],
    tue: ['09:00-17:00'],
    wed: ['09:00-17:00'],
    thu: ['09:00-17:00'],
    fri: ['09:00-15:00'],
  },
  closed: ['2026-12-25', '2027-01-01'],
}
