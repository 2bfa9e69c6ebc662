import { expect, it } from "vitest";
import { nearestSentences } from "./nearest-sentences.ts";

const PHRASES = [
  "{int} running Pod replica(s)",
  "a Deployment update is performed",
  "a DaemonSet update is performed",
  "執行Deployment更新",
  "{int} Pod(s) is/are deleted",
  "{int} Pod(s) is/are deleted with a grace period of {int} second(s)",
  "the image of the workload is changed to {string}",
];

it("finds the sentence of a slip of the keyboard first", () => {
  expect(nearestSentences("a Deployment update is perfomed", PHRASES)).toEqual([
    "a Deployment update is performed",
    "a DaemonSet update is performed",
  ]);
});

it("reads numbers, texts in quotes, one and many as the sentence has them", () => {
  expect(nearestSentences("12 Pods are delted", PHRASES)[0]).toBe("{int} Pod(s) is/are deleted");
  expect(nearestSentences("1 Pod is delted", PHRASES)[0]).toBe("{int} Pod(s) is/are deleted");
  expect(
    nearestSentences('the image of workload is changed to "registry/a-long-name:12"', PHRASES),
  ).toEqual(["the image of the workload is changed to {string}"]);
});

it("finds the sentence in the language that was written", () => {
  expect(nearestSentences("執行Deploymnt更新", PHRASES)).toEqual(["執行Deployment更新"]);
});

it("guesses nothing for what resembles no sentence", () => {
  expect(nearestSentences("I open the shop", PHRASES)).toEqual([]);
});
