using System.Text.Json.Serialization;

namespace FocalSharp.Checkpoints;

/// <summary>Serialisation that survives trimming.</summary>
[JsonSerializable(typeof(string[]))]
internal sealed partial class ClassNamesJson : JsonSerializerContext;
