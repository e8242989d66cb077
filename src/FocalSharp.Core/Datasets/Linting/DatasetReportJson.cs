using System.Text.Json.Serialization;

namespace FocalSharp.Datasets.Linting;

/// <summary>Serializes <see cref="DatasetReport"/>; source-generated, so that it works with trimming and AOT.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UseStringEnumConverter = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(DatasetReport))]
internal sealed partial class DatasetReportJson : JsonSerializerContext;
