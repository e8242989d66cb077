namespace FocalSharp.Checkpoints.Pickling;

/// <summary>
/// Represents an object of an unknown class, or the result of an unknown call. Inert; rejected if a weight depends on it.
/// </summary>
/// <param name="Origin">
/// Its origin, for messages: <c>os.system</c>, <c>mmengine.logging.HistoryBuffer</c>.
/// </param>
internal sealed record Placeholder(string Origin);
