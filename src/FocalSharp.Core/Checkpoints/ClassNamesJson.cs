using System.Text.Json.Serialization;

namespace FocalSharp.Checkpoints;

/// <summary>Serializes class names; source-generated, so that it works with trimming and AOT.</summary>
[JsonSerializable(typeof(string[]))]
internal sealed partial class ClassNamesJson : JsonSerializerContext;
