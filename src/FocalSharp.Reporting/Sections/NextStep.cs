namespace FocalSharp.Reporting.Sections;

/// <summary>One thing to do after a training.</summary>
/// <param name="Section">The section that shows why.</param>
/// <param name="Action">What to do.</param>
/// <param name="Reason">The reason, with its numbers.</param>
internal sealed record NextStep(string Section, string Action, string Reason);
