namespace FocalSharp.Checkpoints.Pickling;

/// <summary>
/// Stands for an object of a class, or the result of a call, that is not known: inert, and refused where a weight is one.
/// </summary>
/// <param name="Origin">
/// What would have made it, fit for a message: <c>os.system</c>, <c>mmengine.logging.HistoryBuffer</c>.
/// </param>
internal sealed record Placeholder(string Origin);
