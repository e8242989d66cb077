namespace FocalSharp.Checkpoints.Pickling;

/// <summary>The name of a Python class or function. Naming one does nothing; nothing is ever imported.</summary>
internal sealed record PickleGlobal(string Module, string Name)
{
    public override string ToString() => $"{TextSanitizer.Sanitize(Module)}.{TextSanitizer.Sanitize(Name)}";
}
