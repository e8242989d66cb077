using FocalSharp.Reporting;
using FocalSharp.Training.Runs;

namespace FocalSharp.Cli.Evaluation;

/// <summary>What an evaluation found.</summary>
/// <param name="Result">The numbers for JSON; its metrics are COCO's.</param>
/// <param name="Detector">The metrics by the chosen rules.</param>
/// <param name="Other">The detector that it is compared with; null for none.</param>
/// <param name="Report">The report; null for none.</param>
internal sealed record EvaluationOutcome(RunResult Result, EvaluatedDetector Detector, EvaluatedDetector? Other, DetectionReport? Report);
