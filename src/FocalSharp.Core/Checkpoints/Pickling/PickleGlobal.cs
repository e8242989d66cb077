namespace FocalSharp.Checkpoints.Pickling;

/// <summary>The name of a Python class or function. It is never imported.</summary>
internal sealed record PickleGlobal(string Module, string Name)
{
    public override string ToString() => $"{TextSanitizer.Sanitize(Module)}.{TextSanitizer.Sanitize(Name)}";
}
