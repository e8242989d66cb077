namespace FocalSharp.Checkpoints.Onnx;

/// <summary>An operator of an ONNX graph.</summary>
/// <param name="Operator">Its type, for example <c>Conv</c>.</param>
/// <param name="Inputs">Names of its inputs; empty where an optional one is left out.</param>
/// <param name="Outputs">Names of its outputs.</param>
/// <param name="Integers">Its attributes that are integers or lists of integers.</param>
internal sealed record OnnxNode(
    string Operator, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyDictionary<string, IReadOnlyList<long>> Integers)
{
    /// <summary>Returns the first integer of an attribute.</summary>
    public long GetInteger(string attribute, long otherwise) =>
        Integers.TryGetValue(attribute, out IReadOnlyList<long>? values) && values.Count > 0 ? values[0] : otherwise;
}
