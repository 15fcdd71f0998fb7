const day = ['09:00-17:00']

/** What `business_hours("office")` asks: the `calendars` of a `bookend.config.ts`. */
export const office = { zone: 'America/New_York', open: { mon: day, tue: day, wed: day, thu: day } }
