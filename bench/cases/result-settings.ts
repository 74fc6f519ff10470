/** Settings of an app whose results are stored; Celery names a driver of Python's in the URL of a database. */
export const resultSettings = (url: string, who: 'ours' | 'celery', started = false) => ({
  task_ignore_result: false,
  task_track_started: started,
  result_backend: url.replace(
    /^postgres(ql)?:/,
    who === 'ours' ? 'db+postgresql:' : 'db+postgresql+psycopg2:',
  ),
});
