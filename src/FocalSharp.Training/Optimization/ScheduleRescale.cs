namespace FocalSharp.Training.Optimization;

/// <summary>A schedule that was bent while it ran, so that what is left of its course fills another number of steps.</summary>
/// <param name="FromStep">The step from which it holds.</param>
/// <param name="FromProgress">Part of the course that lies behind that step, 0 to 1.</param>
/// <param name="TotalSteps">Steps of the run after which the course is at its end.</param>
public readonly record struct ScheduleRescale(int FromStep, double FromProgress, int TotalSteps);
