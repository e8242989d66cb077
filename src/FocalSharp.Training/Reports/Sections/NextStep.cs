namespace FocalSharp.Training.Reports.Sections;

/// <summary>One thing to do after a training.</summary>
/// <param name="Section">The section that shows why.</param>
/// <param name="What">What to do.</param>
/// <param name="Why">The reason, with its numbers.</param>
internal sealed record NextStep(string Section, string What, string Why);
