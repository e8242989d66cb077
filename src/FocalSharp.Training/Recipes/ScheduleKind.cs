namespace FocalSharp.Training.Recipes;

/// <summary>The learning-rate schedules after warm-up.</summary>
public enum ScheduleKind
{
    /// <summary>Multiplied by a factor at each milestone (official).</summary>
    Step,

    /// <summary>Half a cosine from the full rate down to a final fraction (arXiv 1608.03983).</summary>
    Cosine,

    /// <summary>Constant.</summary>
    Constant,
}
