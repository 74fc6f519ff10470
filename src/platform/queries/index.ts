export { countMatching, countTasks } from './count-tasks.js';
export { exportTasks } from './export-tasks.js';
export { familyView } from './family-view.js';
export { listTasks } from './list-tasks.js';
export type { QuestionOptions, Thresholds } from './question.js';
export { type TaskDetailOptions, taskDetail } from './task-detail.js';
export { type DefinitionOf, typeDetail, typeViews } from './type-views.js';
