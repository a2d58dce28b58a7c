/** Times on an axis: hours and minutes. */
export const MinuteFormat = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
