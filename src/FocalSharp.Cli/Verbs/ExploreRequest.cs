namespace FocalSharp.Cli.Verbs;

/// <summary>What the command line asks of <c>explore</c>.</summary>
/// <param name="Host">Address to listen on.</param>
/// <param name="Port">Port to listen on; 0 for any.</param>
/// <param name="Export">Folder to write the loss pages into instead of serving, or null.</param>
/// <param name="Source">A run's folder, a folder of runs, or a model file, to look into; or null.</param>
/// <param name="Data">Data set to look into instead of the run's own, or null.</param>
internal sealed record ExploreRequest(string Host, int Port, string? Export, string? Source, string? Data = null);
