/** Shells that completion is there for. */
export const COMPLETED_SHELLS = ['bash', 'zsh', 'fish'] as const;

export type CompletedShell = (typeof COMPLETED_SHELLS)[number];

/**
 * `mapwright complete -- WORDS` prints one candidate a line, a tab and a description behind it where there is one.
 * A line `:files` or `:folders` asks for the shell's own names.
 */
const BASH =
  String.raw`# Completion of mapwright for bash: put into ~/.bashrc
#   source <(mapwright completion bash)
_mapwright_completion() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      :files) compopt -o default 2>/dev/null ;;
      :folders) compopt -o dirnames 2>/dev/null ;;
      *) COMPREPLY+=("$` +
  String.raw`{line%%$'\t'*}") ;;
    esac
  done < <("$` +
  String.raw`{COMP_WORDS[0]}" complete -- "$` +
  String.raw`{COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
# Without nosort (bash before 4.4) the newest runs would not come first.
complete -o nosort -F _mapwright_completion mapwright 2>/dev/null || complete -F _mapwright_completion mapwright
`;

const ZSH =
  String.raw`#compdef mapwright
# Completion of mapwright for zsh: put into ~/.zshrc, after compinit
#   source <(mapwright completion zsh)
_mapwright() {
  local line value said
  local -a found
  while IFS= read -r line; do
    case $line in
      :files) _files ;;
      :folders) _files -/ ;;
      '') ;;
      *)
        value=$` +
  String.raw`{line%%$'\t'*}
        said=$` +
  String.raw`{line#*$'\t'}
        [[ $said == $line ]] && found+=("$` +
  String.raw`{value//:/\\:}") || found+=("$` +
  String.raw`{value//:/\\:}:$said")
        ;;
    esac
  done < <("$` +
  String.raw`{words[1]}" complete -- "$` +
  String.raw`{(@)words[2,CURRENT]}" 2>/dev/null)
  (( $` +
  String.raw`{#found} )) && _describe -V mapwright found
}
compdef _mapwright mapwright
`;

const FISH = String.raw`# Completion of mapwright for fish: put into ~/.config/fish/config.fish
#   mapwright completion fish | source
function __mapwright_complete
  set -l before (commandline -opc)
  set -l current (commandline -ct)
  for line in ($before[1] complete -- $before[2..-1] "$current" 2>/dev/null)
    switch $line
      case ':files'
        __fish_complete_path $current
      case ':folders'
        __fish_complete_directories $current
      case '*'
        echo $line
    end
  end
end
complete -c mapwright -f -k -a '(__mapwright_complete)'
`;

/** The script that makes a shell complete the command line. */
export function completionScript(shell: CompletedShell): string {
  return { bash: BASH, zsh: ZSH, fish: FISH }[shell];
}
