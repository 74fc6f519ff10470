export { searchCondition } from './search-condition.js';
