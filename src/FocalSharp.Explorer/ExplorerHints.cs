namespace FocalSharp.Explorer;

/// <summary>What the pages advise if something is missing. The program that starts the explorer words its own options and commands.</summary>
internal sealed record ExplorerHints
{
    /// <summary>Gets how to show a data set.</summary>
    public string PassDataset { get; init; } = "Pass a data set to the explorer.";

    /// <summary>Gets how to draw the demo's images.</summary>
    public string DrawDemo { get; init; } = "Draw them, or pass their folder to the explorer.";

    /// <summary>Gets how to get an ONNX file with distributions.</summary>
    public string ExportRaw { get; init; } = "Export it with raw outputs";

    /// <summary>Gets what returns how to evaluate a model of this name that belongs to no run.</summary>
    public Func<string, string> EvaluateModel { get; init; } = model => $"Evaluate {model} to compute its calibration.";

    /// <summary>Gets how to create the report of a run.</summary>
    public string CreateReport { get; init; } = "Create it first.";

    /// <summary>Gets how to add calibration to a run.</summary>
    public string EvaluateRun { get; init; } = "Evaluate the run again to add it.";
}
