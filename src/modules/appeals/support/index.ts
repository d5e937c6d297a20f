export { answerRequest, assignRequest, closeRequest, noteOnRequest } from './answer-request.ts';
export { askSupport } from './ask-support.ts';
export { addToRequest } from './continue-request.ts';
export { registerSupportDesk } from './desk.tsx';
export { registerSupport } from './public.tsx';
